package dev.holdfast.kinds.route53;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a TXT record: strings of at most 255 bytes. A byte outside of ASCII is an octal code, and a character in
 * a document stands for its bytes in UTF-8.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#TXTFormat">TXT</a>
 */
final class TextStrings {
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PART = Pattern.compile("\\\\([0-7]{3})|\\\\(.)|([^\\\\]+|\\\\$)", Pattern.DOTALL);
    private static final int LONGEST = 255;
    private static final int LARGEST_BYTE = 0377;

    private TextStrings() {}

    /** The value with quotes, in as few strings as possible. */
    static String quoted(String value) {
        byte[] bytes = bytes(value.strip());
        List<String> strings = new ArrayList<>();
        for (int from = 0; from == 0 || from < bytes.length; from += LONGEST) {
            StringBuilder string = new StringBuilder("\"");
            for (int i = from; i < Math.min(bytes.length, from + LONGEST); i++) {
                string.append(shown(bytes[i] & LARGEST_BYTE));
            }
            strings.add(string.append('"').toString());
        }
        return String.join(" ", strings);
    }

    private static String shown(int one) {
        return switch (one) {
            case '"', '\\' -> "\\" + (char) one;
            default -> one >= ' ' && one < 127 ? String.valueOf((char) one) : "\\" + String.format("%03o", one);
        };
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (text.startsWith("\"")) {
            STRING.matcher(text).results().forEach(string -> unescape(string.group(1), bytes));
        } else {
            unescape(text, bytes);
        }
        return bytes.toByteArray();
    }

    private static void unescape(String text, ByteArrayOutputStream bytes) {
        Matcher part = PART.matcher(text);
        while (part.find()) {
            String code = part.group(1);
            if (code != null && Integer.parseInt(code, 8) <= LARGEST_BYTE) {
                bytes.write(Integer.parseInt(code, 8));
            } else {
                String plain = code != null ? code : part.group(2) != null ? part.group(2) : part.group(3);
                bytes.writeBytes(plain.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
