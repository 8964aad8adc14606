package dev.holdfast.aws;

import java.util.Set;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** What ARNs and host names have in them of the partition that a region is in: China's and the US government's differ. */
public final class Partitions {
    /**
     * The services whose interface endpoints in China have names of China's own; all others' are named as everywhere. As
     * {@code aws ec2 describe-vpc-endpoint-services} tells it there: no page of AWS lists them.
     * @see <a href="https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts">AWS CDK</a>
     */
    private static final Set<String> CHINAS_OWN = Set.of(
            "account",
            "application-autoscaling",
            "appmesh-envoy-management",
            "athena",
            "autoscaling",
            "backup",
            "batch",
            "cassandra",
            "cloudcontrolapi",
            "cloudformation",
            "codedeploy-commands-secure",
            "databrew",
            "dms",
            "ebs",
            "ec2",
            "ecr.api",
            "ecr.dkr",
            "eks",
            "elasticache",
            "elasticbeanstalk",
            "elasticfilesystem",
            "elasticfilesystem-fips",
            "emr-containers",
            "execute-api",
            "fsx",
            "imagebuilder",
            "iot.data",
            "kinesis-streams",
            "lambda",
            "license-manager",
            "monitoring",
            "polly",
            "rds",
            "redshift",
            "redshift-data",
            "s3",
            "sagemaker.api",
            "sagemaker.featurestore-runtime",
            "sagemaker.runtime",
            "securityhub",
            "servicecatalog",
            "sqs",
            "states",
            "sts",
            "sync-states",
            "synthetics",
            "transcribestreaming",
            "transfer",
            "workspaces",
            "xray");

    private Partitions() {}

    /** What ARNs begin with after {@code arn:}: {@code aws}, {@code aws-cn}, {@code aws-us-gov}. */
    public static String id(String region) {
        return PartitionMetadata.of(Region.of(region)).id();
    }

    /** What host names of services end with: {@code amazonaws.com}. */
    public static String dnsSuffix(String region) {
        return PartitionMetadata.of(Region.of(region)).dnsSuffix();
    }

    /**
     * The name by which an interface endpoint asks for a service of AWS.
     *
     * @param service the last part of it: {@code ecr.api}
     */
    public static String interfaceEndpoint(String region, String service) {
        String named = gatewayEndpoint(region, service);
        return id(region).equals("aws-cn") && CHINAS_OWN.contains(service) ? "cn." + named : named;
    }

    /** The name by which a gateway endpoint asks for S3 or DynamoDB: the same everywhere. */
    public static String gatewayEndpoint(String region, String service) {
        return "com.amazonaws." + region + "." + service;
    }
}
