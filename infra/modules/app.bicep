// The container app, the jobs beside it, the environment they run in and where its logs go.
//
// Container Apps cannot make a container's file system read-only. The image is built
// so that nothing but /tmp is ever written, and runs as a user who may write nowhere else.

param name string
param location string
param tags object
param image string

@description('Registry to pull from with the identity. Empty for a public image.')
param registryServer string

param identityId string
param identityClientId string
param tenantId string

@description('Address of the table service.')
param storeEndpoint string

@description('Container that takes the daily copy of the log.')
param exportUrl string

@description('Container that holds one encryption key a referral.')
param keysUrl string

param configPath string
param workspaceId string

@description('Where traces and metrics go.')
param insightsAddress string

@description('Subnet of at least 32 addresses, lent to Container Apps.')
param subnetId string

param minReplicas int
param maxReplicas int

@description('Moment of the daily copy that the job `restore` takes, in UTC. Empty: there is no such job.')
param restoreAt string

@description('Address of the empty table service that it goes to.')
param restoreEndpoint string

var port = 3978

var registries = empty(registryServer) ? [] : [
  {
    server: registryServer
    identity: identityId
  }
]

// The app's and the jobs' own: a job that sees other settings would check another bot.
var settings = [
  {
    name: 'MICROSOFT_APP_ID'
    value: identityClientId
  }
  {
    name: 'MICROSOFT_APP_TENANT_ID'
    value: tenantId
  }
  {
    name: 'MICROSOFT_APP_TYPE'
    value: 'UserAssignedMSI'
  }
  {
    name: 'AZURE_CLIENT_ID'
    value: identityClientId
  }
  {
    name: 'FRONT_DOOR_STORE'
    value: storeEndpoint
  }
  {
    name: 'FRONT_DOOR_EXPORT'
    value: exportUrl
  }
  {
    name: 'FRONT_DOOR_KEYS'
    value: keysUrl
  }
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    value: insightsAddress
  }
  {
    name: 'FRONT_DOOR_CONFIG'
    value: configPath
  }
]

// What must also work when no copy of the app starts, so that nothing can be run inside one.
var work = concat([
  {
    name: 'doctor'
    args: [
      'doctor'
    ]
  }
  {
    name: 'export'
    args: [
      'export'
    ]
  }
  {
    name: 'list-exports'
    args: [
      'restore'
      '--list'
    ]
  }
], empty(restoreAt) ? [] : [
  {
    name: 'restore'
    args: [
      'restore'
      '--at'
      restoreAt
      '--store'
      restoreEndpoint
    ]
  }
])

resource appEnvironment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${name}-env'
  location: location
  tags: tags
  properties: {
    // Both can be chosen only when the environment is made.
    vnetConfiguration: {
      infrastructureSubnetId: subnetId
      internal: false
    }
    zoneRedundant: true
    appLogsConfiguration: {
      // Through a diagnostic setting, because the direct route needs a workspace key.
      destination: 'azure-monitor'
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

resource sendLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: appEnvironment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
      {
        category: 'ContainerAppSystemLogs'
        enabled: true
      }
    ]
  }
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: '${name}-app'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: appEnvironment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        // The Bot Framework calls from the internet. The app checks every token.
        external: true
        allowInsecure: false
        targetPort: port
        transport: 'http'
      }
      registries: registries
    }
    template: {
      // The platform kills a stopping copy after this long.
      terminationGracePeriodSeconds: 30
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [
          {
            // A press takes a few milliseconds of work and a wait for storage. Thirty at
            // once on one copy means that something it waits for is slow, and Teams gives
            // up after 10 to 15 seconds: then another copy helps. Processor time does not
            // show this, because waiting uses none.
            name: 'presses-at-once'
            http: {
              metadata: {
                concurrentRequests: '30'
              }
            }
          }
        ]
      }
      containers: [
        {
          name: 'bot'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: settings
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: port
              }
              // Half a minute to start: the platform allows at most 10 failures.
              periodSeconds: 3
              timeoutSeconds: 3
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: port
              }
              periodSeconds: 10
              timeoutSeconds: 3
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/readyz'
                port: port
              }
              // One "no" is enough: a copy that is stopped serves for one period more, and then
              // ends. That a read of the store fails now and then is the app's to forgive.
              periodSeconds: 5
              timeoutSeconds: 3
              failureThreshold: 1
            }
          ]
        }
      ]
    }
  }
}

resource jobs 'Microsoft.App/jobs@2024-03-01' = [for one in work: {
  name: '${name}-${one.name}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: appEnvironment.id
    workloadProfileName: 'Consumption'
    configuration: {
      // Only a person starts one. A second try would say the same again.
      triggerType: 'Manual'
      manualTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
      }
      replicaTimeout: 3600
      replicaRetryLimit: 0
      registries: registries
    }
    template: {
      containers: [
        {
          name: one.name
          image: image
          args: one.args
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: settings
        }
      ]
    }
  }
}]

output appId string = app.id
output fqdn string = app.properties.configuration.ingress.fqdn
