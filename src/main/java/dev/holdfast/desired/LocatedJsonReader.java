package dev.holdfast.desired;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.model.JsonPointers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Reads JSON and records the location of every value. */
final class LocatedJsonReader {
    /** The limit is higher than that of a document, because a revision contains its documents a few levels down. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(InputCaps.NESTING + 8)
                    .build())
            .build();

    private final String file;
    private final JsonParser parser;
    private final List<Problem> problems;
    private int values;
    private long pointers;

    private LocatedJsonReader(String file, JsonParser parser, List<Problem> problems) {
        this.file = file;
        this.parser = parser;
        this.problems = problems;
    }

    /**
     * @param problems receives the mistakes in the JSON itself: invalid syntax (the result is empty then) and a
     *     duplicate name in an object (the first one counts then)
     * @return the documents of the file: its single value, or the elements of its list
     */
    static List<LocatedJson> read(String file, byte[] content, List<Problem> problems) {
        if (content == InputCaps.TOO_LARGE) {
            problems.add(new Problem(
                    file,
                    1,
                    1,
                    "",
                    "the file is larger than " + InputCaps.FILE_BYTES + " bytes, or all files together are larger than "
                            + InputCaps.TOTAL_BYTES,
                    "split the file, or move files that are no documents elsewhere"));
            return List.of();
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.add(new Problem(file, 1, 1, "", "expected UTF-8, found other bytes", "save the file as UTF-8"));
            return List.of();
        }
        // Parses text instead of bytes, because Jackson counts columns in units of its input.
        try (JsonParser parser = JSON.createParser(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
            return new LocatedJsonReader(file, parser, problems).documents();
        } catch (RefusedInput e) {
            problems.add(e.problem());
            return List.of();
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation() == null ? JsonLocation.NA : e.getLocation();
            String what = e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" \\(start marker.*", "");
            problems.add(new Problem(
                    file,
                    Math.max(1, at.getLineNr()),
                    Math.max(1, at.getColumnNr()),
                    "",
                    "expected JSON: " + what,
                    "check for a missing or extra comma, quote or bracket here or just before; the rest of this file"
                            + " was not read"));
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<LocatedJson> documents() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            problems.add(new Problem(
                    file, 1, 1, "", "expected a document, found an empty file", "delete the file or add a document"));
            return List.of();
        }
        List<LocatedJson> documents = new ArrayList<>();
        if (first == JsonToken.START_ARRAY) {
            // Each document has pointers of its own, so that they are the same for a document in a list and a document
            // alone.
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                documents.add(value(""));
            }
        } else {
            documents.add(value(""));
        }
        if (parser.nextToken() != null) {
            problems.add(locationOf("")
                    .problem(
                            "expected the end of the file, found more",
                            "put several documents into one list: [ {…}, {…} ]"));
        }
        return documents;
    }

    private SourceLocation locationOf(String pointer) {
        JsonLocation at = parser.currentTokenLocation();
        return new SourceLocation(file, at.getLineNr(), at.getColumnNr(), pointer);
    }

    private LocatedJson value(String pointer) throws IOException {
        SourceLocation location = locationOf(pointer);
        count(location);
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(location);
            case START_ARRAY -> {
                List<LocatedJson> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(pointer + "/" + elements.size()));
                }
                yield new LocatedJson.Arr(location, elements);
            }
            default -> new LocatedJson.Value(location, scalar(location, token));
        };
    }

    private void count(SourceLocation location) {
        values++;
        pointers += location.pointer().length();
        if (values > InputCaps.VALUES || pointers > InputCaps.CHARACTERS) {
            throw new RefusedInput(new Problem(
                    file,
                    location.line(),
                    location.column(),
                    "",
                    values > InputCaps.VALUES
                            ? "the file has more than " + InputCaps.VALUES + " JSON values"
                            : "the names of fields and keys in the file are too long",
                    "split the file; nothing of it was read"));
        }
    }

    private LocatedJson.Obj object(SourceLocation location) throws IOException {
        SequencedMap<String, LocatedJson.Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            SourceLocation key = locationOf(location.pointer() + "/" + JsonPointers.escaped(name));
            if (name.length() > InputCaps.NAME) {
                throw new RefusedInput(new Problem(
                        file,
                        location.line(),
                        location.column(),
                        location.pointer(),
                        "the name of a field or key has more than " + InputCaps.NAME + " characters",
                        "shorten it; nothing of this file was read"));
            }
            parser.nextToken();
            LocatedJson value = value(key.pointer());
            if (members.putIfAbsent(name, new LocatedJson.Member(key, value)) != null) {
                problems.add(
                        key.problem("the field \"" + name + "\" occurs twice in this object", "remove one of the two"));
            }
        }
        return new LocatedJson.Obj(location, members);
    }

    private JsonNode scalar(SourceLocation location, JsonToken token) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (token) {
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NULL -> NullNode.getInstance();
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> nodes.numberNode(parser.getIntValue());
                    case LONG -> nodes.numberNode(parser.getLongValue());
                    default -> nodes.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> {
                double number = parser.getDoubleValue();
                if (!Double.isFinite(number)) {
                    problems.add(location.problem(
                            "expected a number that fits 64 bits, found " + parser.getText(), "use a smaller one"));
                    yield nodes.numberNode(0.0);
                }
                yield nodes.numberNode(number);
            }
            default -> TextNode.valueOf(parser.getText());
        };
    }
}
