package dev.holdfast.aws;

import java.util.Set;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The parts of ARNs and host names that depend on the region's partition: they differ in China and in AWS GovCloud
 * (US).
 */
public final class Partitions {
    /**
     * The services whose interface endpoints have names of their own in China; the names of all others are the same
     * everywhere. The list comes from {@code aws ec2 describe-vpc-endpoint-services} in China, because no page of AWS
     * contains it.
     *
     * @see <a href="https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts">AWS
     *     CDK</a>
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

    /** The partition, which follows {@code arn:} in an ARN: {@code aws}, {@code aws-cn}, {@code aws-us-gov}. */
    public static String id(String region) {
        return PartitionMetadata.of(Region.of(region)).id();
    }

    /**
     * The region in which a partition keeps objects without a region, such as the tags of a distribution in the tagging
     * API.
     *
     * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-global-services.html">global services</a>
     */
    public static String globalRegion(String region) {
        return switch (id(region)) {
            case "aws-cn" -> "cn-northwest-1";
            case "aws-us-gov" -> "us-gov-west-1";
            default -> "us-east-1";
        };
    }

    /** The suffix of the services' host names: {@code amazonaws.com}. */
    public static String dnsSuffix(String region) {
        return PartitionMetadata.of(Region.of(region)).dnsSuffix();
    }

    /**
     * The service name of an interface endpoint.
     *
     * @param service the last part of the name: {@code ecr.api}
     */
    public static String interfaceEndpoint(String region, String service) {
        String named = gatewayEndpoint(region, service);
        return id(region).equals("aws-cn") && CHINAS_OWN.contains(service) ? "cn." + named : named;
    }

    /** The service name of a gateway endpoint for S3 or DynamoDB. It has the same form in every partition. */
    public static String gatewayEndpoint(String region, String service) {
        return "com.amazonaws." + region + "." + service;
    }
}
