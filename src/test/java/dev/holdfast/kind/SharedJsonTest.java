package dev.holdfast.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedJsonTest {
    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Test
    void anEqualTreeIsTheOtherTree() {
        JsonNode first = json("{'a':[{'b':'x'},'y'],'c':1}");

        assertThat(SharedJson.of(json("{'a':[{'b':'x'},'y'],'c':1}"), first, null))
                .isSameAs(first);
    }

    @Test
    void eachPartIsTakenFromTheTreeThatHasIt() {
        JsonNode first = json("{'a':{'b':['x']},'c':{'d':'other'}}");
        JsonNode second = json("{'a':{'b':['other']},'c':{'d':'z'}}");
        String text = "{'a':{'b':['x']},'c':{'d':'z'},'e':'new'}";

        JsonNode shared = SharedJson.of(json(text), first, second);

        assertThat(shared).isEqualTo(json(text));
        assertThat(shared.get("a")).isSameAs(first.get("a"));
        assertThat(shared.get("c")).isSameAs(second.get("c"));
    }

    /** Texts of the tree are compared and shown, so that their order counts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':true,'b':true} | {'b':true,'a':true}",
                "{'a':true} | {'b':true}",
                "{'a':true} | {'a':true,'b':true}",
                "[true,false] | [false,true]",
                "[true] | [true,true]",
                "{'a':1} | {'a':'1'}",
                "{'a':1} | {'a':1.0}",
                "{'a':{}} | {'a':[]}",
                "{'a':[]} | {'a':{}}",
                "{'a':null} | {}"
            })
    void aDifferentTreeKeepsItsValuesAndTheirOrder(String text, String other) {
        JsonNode like = json(other);

        assertThat(SharedJson.of(json(text), like, null))
                .isNotSameAs(like)
                .hasToString(json(text).toString());
        assertThat(like).hasToString(json(other).toString());
    }
}
