// The live line to the server: reconnects by itself, waiting longer each time.

export function startLive({ onEvent, onUp, onDown }) {
  let wait = 500;
  let everUp = false;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/live`);
    socket.addEventListener("open", () => {
      wait = 500;
      onUp(everUp);
      everUp = true;
    });
    socket.addEventListener("message", (event) => {
      try {
        onEvent(JSON.parse(event.data));
      } catch (problem) {
        console.warn("The desk sent something that could not be read", problem);
      }
    });
    socket.addEventListener("close", () => {
      onDown();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 8000);
    });
  }

  connect();
}
