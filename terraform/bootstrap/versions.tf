# What must be there before the first deployment: run once for each environment by a person, and again when it changes. docs/deploy.md leads
# through it.

terraform {
  required_version = "~> 1.11"

  # In the bucket that docs/deploy.md makes first: what keeps the state is not in it.
  backend "gcs" {}

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8.0"
    }
    # For the accounts of Google's own services alone, which the other provider cannot call into being.
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 6.50, < 8.0"
    }
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
}

provider "google-beta" {
  project = var.project_id
  region  = var.region
}
