package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"DescribeVpcs", "ListTagsForResource", "GetRole", "HeadObject", "BatchGetImage", "AssumeRole"})
    void knowsReads(String operation) {
        assertThat(Operations.isWrite(operation)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CreateVpc", "PutBucketPolicy", "TagResource", "ModifyRule", "SetRulePriorities", "Whatever"})
    void takesTheRestForWrites(String operation) {
        assertThat(Operations.isWrite(operation)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"monitoring,cloudwatch", "tagging,tag", "ec2,ec2", "elasticloadbalancing,elasticloadbalancing"})
    void namesServicesAsIamDoes(String signing, String prefix) {
        assertThat(Operations.prefix(signing)).isEqualTo(prefix);
    }
}
