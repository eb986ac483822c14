// What wakes somebody up, and whom. Nothing in an alert says anything about a child.

param name string
param location string
param tags object
param email string
param appId string
param workspaceId string
param insightsId string
param minReplicas int

// The app sends these metrics itself, each copy its own. One in which a limit is passed is
// enough; but a daily copy of the log is late only if no copy of the app knows of a newer one.
var limits = [
  {
    name: 'outbox-stuck'
    says: 'A message or card has waited more than 5 minutes to be sent to Teams.'
    metric: 'frontdoor.outbox.oldest_seconds'
    only: ''
    of: 'max'
    limit: 300
    severity: 1
  }
  {
    name: 'flag-given-up'
    says: 'Word of a child who is not safe now could not be sent. Ring the duty manager.'
    metric: 'frontdoor.outbox.given_up'
    only: ' | where tostring(customDimensions.kind) in ("assessment", "forward_flag")'
    of: 'max'
    limit: 0
    severity: 1
  }
  {
    // Some of it can never be sent: somebody whose own chat the bot may not write to.
    name: 'outbox-given-up'
    says: 'Front Door gave up sending something to Teams. A person must look at it in the morning.'
    metric: 'frontdoor.outbox.given_up'
    only: ''
    of: 'max'
    limit: 0
    severity: 2
  }
  {
    name: 'timers-late'
    says: 'Reminders are more than 5 minutes late.'
    metric: 'frontdoor.timers.lag_seconds'
    only: ''
    of: 'max'
    limit: 300
    severity: 1
  }
  {
    name: 'timers-stopped'
    says: 'A copy of Front Door has not looked at its reminders for 5 minutes.'
    metric: 'frontdoor.timers.silent_seconds'
    only: ''
    of: 'max'
    limit: 300
    severity: 1
  }
  {
    name: 'export-late'
    says: 'The last copy of the log is more than 26 hours old.'
    metric: 'frontdoor.export.age_seconds'
    only: ''
    of: 'min'
    limit: 93600
    severity: 2
  }
]

// The platform counts these.
var platformLimits = [
  {
    name: 'too-few-copies'
    says: 'For 5 minutes fewer copies of Front Door have run than there should.'
    metric: 'Replicas'
    dimensions: []
    of: 'Maximum'
    operator: 'LessThan'
    limit: minReplicas
    severity: 1
  }
  {
    name: 'restarting'
    says: 'A copy of Front Door has restarted more than 3 times.'
    metric: 'RestartCount'
    dimensions: []
    of: 'Maximum'
    operator: 'GreaterThan'
    limit: 3
    severity: 2
  }
  {
    name: 'errors'
    says: 'More than 5 requests from Teams ended in an error in 5 minutes.'
    metric: 'Requests'
    // A refused token is a 401 or 403, and the app doing its work.
    dimensions: [
      {
        name: 'statusCodeCategory'
        operator: 'Include'
        values: [
          '5xx'
        ]
      }
    ]
    of: 'Total'
    operator: 'GreaterThan'
    limit: 5
    severity: 1
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-people'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'front-door'
    enabled: true
    emailReceivers: [
      {
        name: 'on call'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource overLimit 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [for rule in limits: {
  name: '${name}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: ${rule.name}'
    description: rule.says
    severity: rule.severity
    enabled: true
    scopes: [
      insightsId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT10M'
    // Until the app has sent its first metric there is nothing to check the query against.
    skipQueryValidation: true
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: 'customMetrics | where name == "${rule.metric}"${rule.only} | summarize timestamp = max(timestamp), worst = ${rule.of}(coalesce(valueMax, value))'
          metricMeasureColumn: 'worst'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: rule.limit
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
  }
}]

// Limits on metrics say nothing when no metric comes: silence is a fault of its own. What is
// asked for here is sent every minute, whether or not anything waits.
resource silent 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = {
  name: '${name}-silent'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: silent'
    description: 'Front Door has sent no metrics for 15 minutes.'
    severity: 1
    enabled: true
    scopes: [
      insightsId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    skipQueryValidation: true
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: 'customMetrics | where name == "frontdoor.outbox.waiting"'
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
  }
}

// The platform writes down failed probes, several in one line when they repeat.
resource notReady 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = {
  name: '${name}-not-ready'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: not ready'
    description: 'Copies of Front Door say that they are not ready: look at the storage account and the signing keys.'
    severity: 1
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT10M'
    skipQueryValidation: true
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: 'ContainerAppSystemLogs | where Reason == "ProbeFailed" | where Log has "Readiness"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 3
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
  }
}

resource platform 'Microsoft.Insights/metricAlerts@2018-03-01' = [for rule in platformLimits: {
  name: '${name}-${rule.name}'
  location: 'global'
  tags: tags
  properties: {
    description: rule.says
    severity: rule.severity
    enabled: true
    scopes: [
      appId
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: rule.name
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: rule.metric
          dimensions: rule.dimensions
          timeAggregation: rule.of
          operator: rule.operator
          threshold: rule.limit
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}]

output peopleId string = people.id
