package dev.holdfast.twin.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.JsonValueTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;

/** Single values as text: in forms, XML, headers and paths. */
final class Scalars {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+(E[0-9+-]+)?");
    private static final DateTimeFormatter RFC_822 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO_MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Scalars() {}

    static Object parse(SdkField<?> field, String text, MarshallLocation at) throws WireException {
        try {
            return switch (field.marshallingType().getKnownType()) {
                case STRING ->
                    field.containsTrait(JsonValueTrait.class) && at == MarshallLocation.HEADER
                            ? new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8)
                            : text;
                case INTEGER -> Integer.valueOf(text.trim());
                case LONG -> Long.valueOf(text.trim());
                case SHORT -> Short.valueOf(text.trim());
                case BYTE -> Byte.valueOf(text.trim());
                case FLOAT -> Float.valueOf(text.trim());
                case DOUBLE -> Double.valueOf(text.trim());
                case BIG_DECIMAL -> new BigDecimal(text.trim());
                case BOOLEAN -> bool(text.trim());
                case INSTANT -> instant(text.trim());
                case SDK_BYTES -> SdkBytes.fromByteArray(Base64.getMimeDecoder().decode(text));
                default -> throw new WireException(field.memberName() + " cannot be text");
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new WireException("Value '" + text + "' is not valid for " + field.memberName(), e);
        }
    }

    /** Accepts all three formats, whichever the member declares: they cannot be confused. */
    static Instant instant(String text) {
        if (NUMBER.matcher(text).matches()) {
            return Instant.ofEpochMilli(new BigDecimal(text).movePointRight(3).longValue());
        }
        if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
        }
        return OffsetDateTime.parse(text.length() == 10 ? text + "T00:00:00Z" : text)
                .toInstant();
    }

    static String format(SdkField<?> field, Object value, MarshallLocation at) {
        return switch (value) {
            case Instant instant -> format(format(field, at), instant);
            case SdkBytes bytes -> Base64.getEncoder().encodeToString(bytes.asByteArray());
            case String text
            when field.containsTrait(JsonValueTrait.class) && at == MarshallLocation.HEADER ->
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            default -> value.toString();
        };
    }

    private static TimestampFormatTrait.Format format(SdkField<?> field, MarshallLocation at) {
        TimestampFormatTrait trait = field.getTrait(TimestampFormatTrait.class);
        if (trait != null) {
            return trait.format();
        }
        return at == MarshallLocation.HEADER
                ? TimestampFormatTrait.Format.RFC_822
                : TimestampFormatTrait.Format.ISO_8601;
    }

    static String format(TimestampFormatTrait.Format format, Instant instant) {
        return switch (format) {
            case RFC_822 -> RFC_822.format(instant);
            case ISO_8601 ->
                instant.equals(instant.truncatedTo(ChronoUnit.SECONDS))
                        ? DateTimeFormatter.ISO_INSTANT.format(instant)
                        : ISO_MILLIS.format(instant);
            case UNIX_TIMESTAMP_MILLIS -> Long.toString(instant.toEpochMilli());
            case UNIX_TIMESTAMP -> BigDecimal.valueOf(instant.toEpochMilli(), 3).toPlainString();
        };
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
