// What a month may cost, and who hears when it comes near. It stops nothing.

param name string

@description('In the currency of the subscription\'s bill.')
param amount int

@description('First day of the month of the first deployment: 2026-12-01. Azure does not let it change.')
param start string

param email string
param actionGroupId string

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: '${name}-budget'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: start
    }
    notifications: {
      most: {
        enabled: true
        thresholdType: 'Actual'
        operator: 'GreaterThan'
        threshold: 80
        contactEmails: [
          email
        ]
        contactGroups: [
          actionGroupId
        ]
      }
      all: {
        enabled: true
        thresholdType: 'Actual'
        operator: 'GreaterThan'
        threshold: 100
        contactEmails: [
          email
        ]
        contactGroups: [
          actionGroupId
        ]
      }
      forecast: {
        enabled: true
        thresholdType: 'Forecasted'
        operator: 'GreaterThan'
        threshold: 100
        contactEmails: [
          email
        ]
        contactGroups: [
          actionGroupId
        ]
      }
    }
  }
}
