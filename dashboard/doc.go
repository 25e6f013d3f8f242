// Package dashboard serves pages on which people see and change the variables and secrets of
// Workers, their versions and their deployments.
package dashboard
