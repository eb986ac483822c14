// The storage account that holds the record of referrals, and who may write to it.

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

var tableNames = [
  'Commits'
  'Desk'
  'Index'
  'Figures'
  'Refusals'
  'Decisions'
  'Tallies'
  'Calls'
  'Baseline'
]

// Storage Table Data Contributor, the same in every tenant.
var tableContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Hot'
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
      // These can be set only when the account is made: a second layer of
      // encryption, and a table key the council can later bring itself.
      requireInfrastructureEncryption: true
      services: {
        table: {
          enabled: true
          keyType: 'Account'
        }
      }
    }
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [for tableName in tableNames: {
  parent: tableService
  name: tableName
}]

resource appMayWrite 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, tableContributor)
  scope: account
  properties: {
    roleDefinitionId: tableContributor
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the record of child safeguarding referrals.'
  }
}

output accountId string = account.id
output tableEndpoint string = account.properties.primaryEndpoints.table
