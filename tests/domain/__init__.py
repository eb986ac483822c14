"""The pure core, told as stories: given these events, when somebody presses, then this follows."""
