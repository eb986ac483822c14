// Everything Front Door runs on, in one resource group.

targetScope = 'resourceGroup'

@description('Azure region for everything that has one. README.md lists what has none.')
param location string = 'uksouth'

@description('Start of every resource name: lower-case letters, digits and hyphens.')
@minLength(3)
@maxLength(20)
param namePrefix string = 'front-door'

@description('Name people see for the bot in Azure.')
@maxLength(42)
param botDisplayName string = 'Front Door'

@description('Bot registration price tier. Teams messages are not limited on F0, but only S1 has a service level agreement.')
@allowed([
  'F0'
  'S1'
])
param botSku string

@description('Image to run, with its tag or digest.')
param containerImage string

@description('Azure Container Registry in this resource group that holds the image. Leave empty for a public image.')
param containerRegistryName string = ''

@description('Path of the partnership\'s configuration file inside the image.')
param configPath string = '/app/bot/partnership.toml'

@description('Tenant whose people use the bot.')
param tenantId string = tenant().tenantId

@description('Name of the storage account for the record of referrals: 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param storageAccountName string = 'st${uniqueString(resourceGroup().id)}'

@description('Name of a new, empty storage account to restore a daily copy into. The app goes on with its own until storageAccountName is changed. Leave it empty otherwise.')
@maxLength(24)
param restoreStorageAccountName string = ''

@description('Moment of the daily copy to restore, in UTC, as the job list-exports shows it: 2026-11-24T02:00:00. Makes the job restore. Leave it empty otherwise.')
@maxLength(19)
param restoreAt string = ''

@description('Name of the storage account for the daily copies of the log.')
@minLength(3)
@maxLength(24)
param exportAccountName string = 'ex${uniqueString(resourceGroup().id)}'

@description('Name of the storage account for the keys to the words in the daily copies.')
@minLength(3)
@maxLength(24)
param keysAccountName string = 'ky${uniqueString(resourceGroup().id)}'

@description('Copies that storage keeps: in three zones of one region, or also in a second region. UK South\'s second region is UK West.')
@allowed([
  'Standard_ZRS'
  'Standard_GZRS'
])
param storageRedundancy string = 'Standard_ZRS'

@description('Whether the storage accounts are locked against deletion.')
param lockStorage bool

@description('Days for which a daily copy of the log can be neither changed nor deleted.')
@minValue(1)
@maxValue(3650)
param exportFixedDays int = 30

@description('Whether those days can no longer be shortened. Nobody can take this back. Leave it false for the first deployment.')
param exportFixedForGood bool = false

@description('Days to keep versions of a daily copy that are not the newest.')
@minValue(1)
param exportKeepVersionsDays int = 365

@description('Addresses for the network. Change it only if the network will be joined to others.')
param networkAddressPrefix string = '10.60.0.0/23'

@description('Addresses for the app: at least 32.')
param appSubnetPrefix string = '10.60.0.0/24'

@description('Addresses for the private endpoints of the storage accounts.')
param storageSubnetPrefix string = '10.60.1.0/27'

@description('Days to keep logs. Logs hold no case details.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Fewest copies of the app to run. Two, so that one can fail or restart.')
@minValue(2)
param minReplicas int = 2

@description('Most copies of the app to run.')
@minValue(2)
param maxReplicas int = 4

@description('Who gets the alerts and the warnings about cost: the address of a team that somebody reads.')
param alertEmail string

@description('What a month should cost at most, in the currency of the subscription\'s bill. Passing it stops nothing.')
@minValue(1)
param monthlyBudget int

@description('First day of the month of the first deployment, such as 2026-12-01. Azure does not let it change.')
@minLength(10)
@maxLength(10)
param budgetStart string

@description('Tags for every resource.')
param tags object = {}

// Once the app has gone over to the new account it is the store, and is made once.
var makesSecondStore = empty(restoreStorageAccountName) ? false : restoreStorageAccountName != storageAccountName

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${namePrefix}-identity'
  location: location
  tags: tags
}

module logs 'modules/logs.bicep' = {
  name: 'logs'
  params: {
    name: namePrefix
    location: location
    tags: tags
    retentionDays: logRetentionDays
    principalId: identity.properties.principalId
  }
}

module network 'modules/network.bicep' = {
  name: 'network'
  params: {
    name: '${namePrefix}-network'
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
    appSubnetPrefix: appSubnetPrefix
    endpointSubnetPrefix: storageSubnetPrefix
  }
}

module store 'modules/store.bicep' = {
  name: 'store'
  params: {
    name: storageAccountName
    location: location
    tags: tags
    redundancy: storageRedundancy
    principalId: identity.properties.principalId
    lock: lockStorage
  }
}

module restored 'modules/restore.bicep' = if (makesSecondStore) {
  name: 'restore'
  params: {
    name: restoreStorageAccountName
    location: location
    tags: tags
    redundancy: storageRedundancy
    principalId: identity.properties.principalId
    lock: lockStorage
    subnetId: network.outputs.storageSubnetId
    zoneId: network.outputs.tableZoneId
  }
}

module copies 'modules/export.bicep' = {
  name: 'export'
  params: {
    name: exportAccountName
    location: location
    tags: tags
    redundancy: storageRedundancy
    principalId: identity.properties.principalId
    lock: lockStorage
    fixedDays: exportFixedDays
    fixedForGood: exportFixedForGood
    keepVersionsDays: exportKeepVersionsDays
  }
}

module keys 'modules/keys.bicep' = {
  name: 'keys'
  params: {
    name: keysAccountName
    location: location
    tags: tags
    redundancy: storageRedundancy
    principalId: identity.properties.principalId
    lock: lockStorage
  }
}

module storeEndpoint 'modules/endpoint.bicep' = {
  name: 'store-endpoint'
  params: {
    name: '${storageAccountName}-table'
    location: location
    tags: tags
    subnetId: network.outputs.storageSubnetId
    accountId: store.outputs.accountId
    service: 'table'
    zoneId: network.outputs.tableZoneId
  }
}

module copiesEndpoint 'modules/endpoint.bicep' = {
  name: 'export-endpoint'
  params: {
    name: '${exportAccountName}-blob'
    location: location
    tags: tags
    subnetId: network.outputs.storageSubnetId
    accountId: copies.outputs.accountId
    service: 'blob'
    zoneId: network.outputs.blobZoneId
  }
}

module keysEndpoint 'modules/endpoint.bicep' = {
  name: 'keys-endpoint'
  params: {
    name: '${keysAccountName}-blob'
    location: location
    tags: tags
    subnetId: network.outputs.storageSubnetId
    accountId: keys.outputs.accountId
    service: 'blob'
    zoneId: network.outputs.blobZoneId
  }
}

module registry 'modules/registry.bicep' = if (!empty(containerRegistryName)) {
  name: 'registry'
  params: {
    name: containerRegistryName
    principalId: identity.properties.principalId
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  params: {
    name: namePrefix
    location: location
    tags: tags
    image: containerImage
    registryServer: empty(containerRegistryName) ? '' : '${containerRegistryName}${environment().suffixes.acrLoginServer}'
    identityId: identity.id
    identityClientId: identity.properties.clientId
    tenantId: tenantId
    storeEndpoint: store.outputs.tableEndpoint
    exportUrl: copies.outputs.containerUrl
    keysUrl: keys.outputs.containerUrl
    configPath: configPath
    restoreAt: makesSecondStore ? restoreAt : ''
    restoreEndpoint: 'https://${restoreStorageAccountName}.table.${environment().suffixes.storage}'
    workspaceId: logs.outputs.workspaceId
    insightsAddress: logs.outputs.insightsAddress
    subnetId: network.outputs.appSubnetId
    minReplicas: minReplicas
    maxReplicas: maxReplicas
  }
  // The app cannot pull its image until the identity may read the registry, and
  // cannot be ready until it finds its storage by a private address.
  dependsOn: [
    registry
    storeEndpoint
    copiesEndpoint
    keysEndpoint
  ]
}

module bot 'modules/bot.bicep' = {
  name: 'bot'
  params: {
    name: '${namePrefix}-bot-${uniqueString(resourceGroup().id)}'
    displayName: botDisplayName
    sku: botSku
    tags: tags
    endpoint: 'https://${app.outputs.fqdn}/api/messages'
    identityId: identity.id
    identityClientId: identity.properties.clientId
    tenantId: tenantId
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    name: namePrefix
    location: location
    tags: tags
    email: alertEmail
    appId: app.outputs.appId
    workspaceId: logs.outputs.workspaceId
    insightsId: logs.outputs.insightsId
    minReplicas: minReplicas
  }
}

module budget 'modules/budget.bicep' = {
  name: 'budget'
  params: {
    name: namePrefix
    amount: monthlyBudget
    start: budgetStart
    email: alertEmail
    actionGroupId: alerts.outputs.peopleId
  }
}

@description('The value of BOT_ID in the Teams app package.')
output botAppId string = identity.properties.clientId

@description('Where Teams sends messages.')
output messagingEndpoint string = 'https://${app.outputs.fqdn}/api/messages'

@description('Where the record of referrals is kept.')
output tableEndpoint string = store.outputs.tableEndpoint

@description('Where the daily copies of the log go.')
output exportContainer string = copies.outputs.containerUrl

@description('Where the keys to the words in the daily copies are kept.')
output keysContainer string = keys.outputs.containerUrl
