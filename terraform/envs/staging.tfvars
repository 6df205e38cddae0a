env            = "staging"
project_id     = "example-stores-staging"
region         = "europe-west1"
store_domain   = "shops-staging.example.com"
dashboard_host = "stores-staging.example.com"
alert_email    = "platform@example.com"
mail_from      = "stores@staging.example.com"
mail_from_name = "Upfront Stores (staging)"

portal_firebase = {
  api_key     = "put-here-what-firebase-prints"
  app_id      = "1:000000000000:web:0000000000000000"
  auth_domain = "example-stores-staging.firebaseapp.com"
}

budget = { amount = 100, currency = "USD" }
