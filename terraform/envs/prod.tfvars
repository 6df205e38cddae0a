env            = "prod"
project_id     = "example-stores-prod"
region         = "europe-west1"
store_domain   = "shops.example.com"
dashboard_host = "stores.example.com"
alert_email    = "platform@example.com"
mail_from      = "stores@example.com"
mail_from_name = "Upfront Stores"

portal_firebase = {
  api_key     = "put-here-what-firebase-prints"
  app_id      = "1:000000000000:web:0000000000000000"
  auth_domain = "example-stores-prod.firebaseapp.com"
}

# One warm instance of each function in an activation's way, and of those that people look at: nobody waits for a cold start.
min_instances = {
  activate-merchant = 1
  provision-step    = 1
  status            = 1
  storefront        = 2
}

budget = { amount = 500, currency = "USD" }
