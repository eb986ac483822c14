// Everything Front Door runs on, in one resource group.

targetScope = 'resourceGroup'

@description('Azure region for everything except the bot registration, which has no UK region.')
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

@description('Whether the storage account answers on its public address. Disabled needs a private endpoint, which this template does not make.')
@allowed([
  'Disabled'
  'Enabled'
])
param storagePublicNetworkAccess string = 'Disabled'

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

@description('Tags for every resource.')
param tags object = {}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${namePrefix}-identity'
  location: location
  tags: tags
}

module logs 'modules/logs.bicep' = {
  name: 'logs'
  params: {
    name: '${namePrefix}-logs'
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
}

module store 'modules/store.bicep' = {
  name: 'store'
  params: {
    name: storageAccountName
    location: location
    tags: tags
    publicNetworkAccess: storagePublicNetworkAccess
    principalId: identity.properties.principalId
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
    configPath: configPath
    workspaceId: logs.outputs.workspaceId
    minReplicas: minReplicas
    maxReplicas: maxReplicas
  }
  // The app cannot pull its image until the identity may read the registry.
  dependsOn: [
    registry
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

@description('The value of BOT_ID in the Teams app package.')
output botAppId string = identity.properties.clientId

@description('Where Teams sends messages.')
output messagingEndpoint string = 'https://${app.outputs.fqdn}/api/messages'

@description('Where the record of referrals is kept.')
output tableEndpoint string = store.outputs.tableEndpoint
