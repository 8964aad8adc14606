# A database and a cache with what they stand in.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region                  = "eu-west-2"
  skip_metadata_api_check = true
  max_retries             = 4
  default_tags { tags = { ManagedBy = "terraform" } }
}
variable "services" { type = number }

resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "isolated" {
  for_each          = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
  vpc_id            = aws_vpc.main.id
  cidr_block        = each.value
  availability_zone = "eu-west-2${each.key}"
}

resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = [for s in aws_subnet.isolated : s.id]
}
resource "aws_db_parameter_group" "main" {
  name   = "main"
  family = "postgres15"
  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }
}
resource "aws_db_instance" "main" {
  identifier                  = "main"
  engine                      = "postgres"
  engine_version              = "15"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 20
  max_allocated_storage       = 100
  storage_type                = "gp3"
  storage_encrypted           = true
  db_name                     = "shop"
  username                    = "me"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.main.name
  parameter_group_name        = aws_db_parameter_group.main.name
  backup_retention_period     = 7
  multi_az                    = true
  copy_tags_to_snapshot       = true
  final_snapshot_identifier   = "main-last"
}

resource "aws_elasticache_subnet_group" "main" {
  name       = "main"
  subnet_ids = [for s in aws_subnet.isolated : s.id]
}
resource "aws_elasticache_replication_group" "main" {
  replication_group_id       = "main"
  description                = "sessions"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.main.name
  snapshot_retention_limit   = 7
}
