package dev.holdfast.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecValuesTest {
    @ParameterizedTest
    @CsvSource({
        "15.7, 15, true",
        "15, 15, true",
        "150, 15, false",
        "15.13, 15.10, true",
        "15.9, 15.10, false",
        "15.10, 15.1, true",
        "16.3, 15.10, false",
        "16.3, 15, false",
        "8.0.44, 8.0.40, true",
        "8.4.7, 8.0.40, false",
        "8.4.7, 8.0, false",
        "7.2.6, 7.1, false",
        "7.1.0, 7.1, true",
        "15.x, 15.10, false",
        "15.99999999999, 15.10, false"
    })
    void aVersionMatchesItsBeginningAndWhatAwsRaisedItTo(String observed, String wanted, boolean matches) {
        assertThat(SpecValues.isVersionOf(observed, wanted, 0)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "8.1.0, 8.0, true",
        "8.1.0, 8.0.2, true",
        "8.0.1, 8.0.2, false",
        "8.0.1, 8.1, false",
        "9.0.1, 8.1, false",
        "8.1.0, 8, true",
        "8, 8.0, false",
        "8.x.0, 8.0, false"
    })
    void belowTheMajorVersionAllIsRaised(String observed, String wanted, boolean matches) {
        assertThat(SpecValues.isVersionOf(observed, wanted, 1)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "16.3, 15, true",
        "16.3, 15.10, true",
        "15.10, 15.9, true",
        "15.10, 15, false",
        "15.9, 15.10, false",
        "14.20, 15, false",
        "8.4.7, 8.0, true",
        "15.x, 15.10, false"
    })
    void aBeginningIsOlderOnlyThanAnotherBeginning(String observed, String wanted, boolean newer) {
        assertThat(SpecValues.isNewer(observed, wanted)).isEqualTo(newer);
    }
}
