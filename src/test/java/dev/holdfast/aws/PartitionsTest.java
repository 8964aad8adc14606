package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionsTest {
    @ParameterizedTest
    @CsvSource({
        "eu-west-2, aws, amazonaws.com",
        "us-gov-west-1, aws-us-gov, amazonaws.com",
        "cn-north-1, aws-cn, amazonaws.com.cn",
    })
    void eachHasItsOwnNames(String region, String id, String dnsSuffix) {
        assertThat(Partitions.id(region)).isEqualTo(id);
        assertThat(Partitions.dnsSuffix(region)).isEqualTo(dnsSuffix);
    }

    @ParameterizedTest
    @CsvSource({
        "eu-west-2, ecr.api, com.amazonaws.eu-west-2.ecr.api",
        "us-gov-west-1, ecr.api, com.amazonaws.us-gov-west-1.ecr.api",
        "cn-north-1, ecr.api, cn.com.amazonaws.cn-north-1.ecr.api",
        "cn-northwest-1, ecr.dkr, cn.com.amazonaws.cn-northwest-1.ecr.dkr",
        "cn-north-1, logs, com.amazonaws.cn-north-1.logs",
        "cn-north-1, secretsmanager, com.amazonaws.cn-north-1.secretsmanager",
        "cn-north-1, s3, cn.com.amazonaws.cn-north-1.s3",
    })
    void inChinaSomeServicesHaveInterfaceEndpointsOfAnotherName(String region, String service, String name) {
        assertThat(Partitions.interfaceEndpoint(region, service)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "eu-west-2, s3, com.amazonaws.eu-west-2.s3",
        "cn-north-1, s3, com.amazonaws.cn-north-1.s3",
        "cn-northwest-1, dynamodb, com.amazonaws.cn-northwest-1.dynamodb",
    })
    void gatewayEndpointsAreNamedAsEverywhere(String region, String service, String name) {
        assertThat(Partitions.gatewayEndpoint(region, service)).isEqualTo(name);
    }
}
