// A second, empty account for the record, to restore a daily copy into, with its role and its
// private address. Nothing here tells the app of it: that is done by changing storageAccountName.

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

param subnetId string

@description('Private DNS zone that gives the address out.')
param zoneId string

module store 'store.bicep' = {
  name: 'restore-store'
  params: {
    name: name
    location: location
    tags: tags
    redundancy: redundancy
    principalId: principalId
    lock: lock
  }
}

// Named as main.bicep names it, so that the account keeps its endpoint when the app goes over to it.
module endpoint 'endpoint.bicep' = {
  name: 'restore-endpoint'
  params: {
    name: '${name}-table'
    location: location
    tags: tags
    subnetId: subnetId
    accountId: store.outputs.accountId
    service: 'table'
    zoneId: zoneId
  }
}
