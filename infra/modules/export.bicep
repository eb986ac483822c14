// The storage account that takes a copy of the log each day. What is written there stays: each
// version of a blob can be neither changed nor deleted until its days are over.

param name string
param location string
param tags object

@allowed([
  'Standard_ZRS'
  'Standard_GZRS'
])
param redundancy string

@description('The app\'s identity.')
param principalId string

@description('Whether the account is locked against deletion.')
param lock bool

@description('Days for which what was exported can be neither changed nor deleted.')
param fixedDays int

@description('Whether those days can no longer be shortened, by anybody, for ever.')
param fixedForGood bool

@description('Days after which a version that is no longer the newest is deleted.')
param keepVersionsDays int

var containerName = 'log'

// Storage Blob Data Contributor, the same in every tenant.
var blobContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Cool'
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
    }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
    }
    // On the account, because only there a template can lock the policy. It holds
    // for every version in the container, and can be switched on only when the
    // account is made.
    immutableStorageWithVersioning: {
      enabled: true
      immutabilityPolicy: {
        state: fixedForGood ? 'Locked' : 'Unlocked'
        immutabilityPeriodSinceCreationInDays: fixedDays
        allowProtectedAppendWrites: false
      }
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: 30
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 30
    }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: containerName
  properties: {
    publicAccess: 'None'
  }
}

resource tidy 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: keepVersionsDays
                }
              }
            }
          }
        }
      ]
    }
  }
  // Lifecycle rules for versions are refused where versions are off.
  dependsOn: [
    blobs
  ]
}

resource appMayWrite 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(container.id, principalId, blobContributor)
  scope: container
  properties: {
    roleDefinitionId: blobContributor
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the daily copies of the log.'
  }
}

output accountId string = account.id
output containerUrl string = '${account.properties.primaryEndpoints.blob}${containerName}'
