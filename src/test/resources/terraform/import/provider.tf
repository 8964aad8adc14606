terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region = "eu-west-2"
  skip_metadata_api_check = true
  s3_use_path_style = true
}
