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
}
