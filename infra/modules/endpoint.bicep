// A private address, in the app's network, for one service of one storage account.

// Azure does not let an endpoint change its account: another account is another endpoint.
@description('Name of the endpoint, which starts with the account\'s.')
param name string
param location string
param tags object
param subnetId string
param accountId string

@description('Service of the account.')
@allowed([
  'table'
  'blob'
])
param service string

@description('Private DNS zone that gives the address out.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: accountId
          groupIds: [
            service
          ]
        }
      }
    ]
  }
}

resource address 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: service
        properties: {
          privateDnsZoneId: zoneId
        }
      }
    ]
  }
}
