package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types whose resources fit on one page of the tagging API are read together, and distinguished by their ARNs. */
class TaggingApiIndexTest {
    @Test
    void whatFitsOnOnePageIsOneRequest() {
        assertThat(TaggingApiIndex.together(Map.of("a", 40, "c", 60, "d", 1, "e", 0)))
                .containsExactly(Set.of("c", "a", "e"), Set.of("d"));
    }

    /** Four types of 101 resources each would take two pages each; together they take five pages. */
    @Test
    void smallTypesFillThePagesOfLargeOnes() {
        assertThat(TaggingApiIndex.together(Map.of("a", 101, "b", 101, "c", 101, "d", 101, "e", 420)))
                .containsExactly(Set.of("e"), Set.of("a", "b", "c", "d"));
        assertThat(TaggingApiIndex.together(Map.of("a", 350, "b", 30, "c", 20, "d", 1)))
                .containsExactly(Set.of("a", "b", "c"), Set.of("d"));
    }

    @ParameterizedTest
    @CsvSource({
        "logs:log-group, arn:aws:logs:eu-west-2:1:log-group:/a/b, true",
        "rds:pg, arn:aws:rds:eu-west-2:1:pg:main, true",
        "rds:pg, arn:aws:rds:eu-west-2:1:subgrp:main, false",
        "ecs:task-definition, arn:aws:ecs:eu-west-2:1:task-definition/a:1, true",
        "elasticloadbalancing:listener, arn:aws:elasticloadbalancing:eu-west-2:1:listener-rule/app/a, false",
        "elasticloadbalancing:listener, arn:aws:elasticloadbalancing:eu-west-2:1:listener/app/a, true",
        "sns, arn:aws:sns:eu-west-2:1:alerts, true",
        "sns, arn:aws:sqs:eu-west-2:1:alerts, false",
        "kms:key, arn:aws-cn:kms:cn-north-1:1:key/2, true"
    })
    void aResourceIsOfTheTypeThatItsArnSays(String type, String arn, boolean is) {
        assertThat(TaggingApiIndex.isOf(type, arn)).isEqualTo(is);
    }
}
