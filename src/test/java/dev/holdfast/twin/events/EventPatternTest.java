package dev.holdfast.twin.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventPatternTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"a":["x"]}                                  | {"a":"x"}            | true
            {"a":["x"]}                                  | {"a":"y"}            | false
            {"a":["x","y"]}                              | {"a":["z","y"]}      | true
            {"a":[1]}                                    | {"a":1.0}            | true
            {"a":["1"]}                                  | {"a":1}              | false
            {"a":[null]}                                 | {"a":null}           | true
            {"a":[null]}                                 | {}                   | false
            {"a":["x"],"b":["y"]}                        | {"a":"x"}            | false
            {"a":{"b":["x"]}}                            | {"a":{"b":"x","c":1}}| true
            {"a":{"b":["x"]}}                            | {"a":[{"b":"y"},{"b":"x"}]} | true
            {"a":[{"prefix":"x"}]}                       | {"a":"xy"}           | true
            {"a":[{"prefix":{"equals-ignore-case":"X"}}]}| {"a":"xy"}           | true
            {"a":[{"suffix":"y"}]}                       | {"a":"xy"}           | true
            {"a":[{"anything-but":"x"}]}                 | {"a":"y"}            | true
            {"a":[{"anything-but":["x","y"]}]}           | {"a":"y"}            | false
            {"a":[{"anything-but":{"prefix":"x"}}]}      | {"a":"xy"}           | false
            {"a":[{"anything-but":"x"}]}                 | {}                   | false
            {"a":[{"exists":true}]}                      | {"a":null}           | true
            {"a":[{"exists":true}]}                      | {"a":{"b":1}}        | false
            {"a":[{"exists":false}]}                     | {}                   | true
            {"a":{"b":[{"exists":false}]}}               | {}                   | true
            {"a":{"b":[{"exists":false}]}}               | {"a":{"b":1}}        | false
            {"a":[{"numeric":[">",1,"<=",5]}]}           | {"a":5}              | true
            {"a":[{"numeric":[">",1,"<=",5]}]}           | {"a":1}              | false
            {"a":[{"equals-ignore-case":"AbC"}]}         | {"a":"aBc"}          | true
            {"a":[{"wildcard":"x*z"}]}                   | {"a":"xyz"}          | true
            {"a":[{"wildcard":"x*z"}]}                   | {"a":"xyy"}          | false
            {"$or":[{"a":["x"]},{"b":["y"]}]}            | {"b":"y"}            | true
            {"$or":[{"a":["x"]},{"b":["y"]}]}            | {"b":"x"}            | false
            """)
    void takesWhatThePatternSays(String pattern, String event, boolean taken) throws JsonProcessingException {
        assertThat(EventPattern.of(pattern).accepts(JSON.readTree(event))).isEqualTo(taken);
    }
}
