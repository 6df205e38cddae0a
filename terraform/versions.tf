terraform {
  required_version = "~> 1.11"

  # Where the state is kept stands in envs/<env>.gcs.tfbackend: `terraform init -backend-config=envs/staging.gcs.tfbackend`.
  backend "gcs" {}

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8.0"
    }
  }
}

provider "google" {
  project = var.project_id
  region  = var.region

  # The budget's API wants a project to count its calls against.
  billing_project       = var.project_id
  user_project_override = true

  default_labels = local.labels
}

locals {
  labels = { application = "provisioning", environment = var.env }
}
