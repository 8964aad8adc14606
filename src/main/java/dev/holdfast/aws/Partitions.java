package dev.holdfast.aws;

import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** What ARNs and host names have in them of the partition that a region is in: China's and the US government's differ. */
public final class Partitions {
    private Partitions() {}

    /** What ARNs begin with after {@code arn:}: {@code aws}, {@code aws-cn}, {@code aws-us-gov}. */
    public static String id(String region) {
        return PartitionMetadata.of(Region.of(region)).id();
    }

    /** What host names of services end with: {@code amazonaws.com}. */
    public static String dnsSuffix(String region) {
        return PartitionMetadata.of(Region.of(region)).dnsSuffix();
    }
}
