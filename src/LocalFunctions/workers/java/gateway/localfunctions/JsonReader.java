package gateway.localfunctions;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) into maps, lists, strings, booleans and numbers.
 *
 * <p>Whole numbers are {@code Integer}, {@code Long} or {@code BigInteger}, others {@code BigDecimal}. Of a repeated name the last counts.
 */
final class JsonReader {
  private static final int MOST_EXPONENT_DIGITS = 4;

  private final String text;
  private int position;

  private JsonReader(String text) {
    this.text = text;
  }

  /** Reads UTF-8 bytes that hold one value. */
  static Object read(byte[] json) {
    JsonReader reader = new JsonReader(new String(json, StandardCharsets.UTF_8));
    Object value = reader.readValue();
    reader.skipBlanks();
    if (reader.position < reader.text.length()) {
      throw reader.fail("the end");
    }
    return value;
  }

  private Object readValue() {
    skipBlanks();
    switch (peek()) {
      case '{':
        return readObject();
      case '[':
        return readArray();
      case '"':
        return readString();
      case 't':
        return readWord("true", Boolean.TRUE);
      case 'f':
        return readWord("false", Boolean.FALSE);
      case 'n':
        return readWord("null", null);
      default:
        return readNumber();
    }
  }

  private Map<String, Object> readObject() {
    Map<String, Object> object = new LinkedHashMap<>();
    position++;
    skipBlanks();
    if (take('}')) {
      return object;
    }
    do {
      skipBlanks();
      if (peek() != '"') {
        throw fail("a name");
      }
      String name = readString();
      skipBlanks();
      expect(':');
      object.put(name, readValue());
      skipBlanks();
    } while (take(','));
    expect('}');
    return object;
  }

  private List<Object> readArray() {
    List<Object> array = new ArrayList<>();
    position++;
    skipBlanks();
    if (take(']')) {
      return array;
    }
    do {
      array.add(readValue());
      skipBlanks();
    } while (take(','));
    expect(']');
    return array;
  }

  private String readString() {
    int start = ++position;
    while (peek() != '"' && peek() != '\\' && peek() >= ' ') {
      position++;
    }
    if (take('"')) {
      return text.substring(start, position - 1);
    }
    StringBuilder value = new StringBuilder().append(text, start, position);
    while (!take('"')) {
      char next = peek();
      if (next < ' ') {
        throw fail("a closing quote");
      }
      position++;
      value.append(next == '\\' ? readEscape() : next);
    }
    return value.toString();
  }

  private char readEscape() {
    char escape = peek();
    position++;
    switch (escape) {
      case '"':
      case '\\':
      case '/':
        return escape;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        return readHex();
      default:
        position--;
        throw fail("an escape");
    }
  }

  private char readHex() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      char next = peek();
      int digit = next < 128 ? Character.digit(next, 16) : -1;
      if (digit < 0) {
        throw fail("four hexadecimal digits");
      }
      value = value << 4 | digit;
      position++;
    }
    return (char) value;
  }

  private Number readNumber() {
    int start = position;
    take('-');
    if (!take('0')) {
      skipDigits();
    }
    boolean isWhole = true;
    if (take('.')) {
      isWhole = false;
      skipDigits();
    }
    if (take('e') || take('E')) {
      isWhole = false;
      if (!take('+')) {
        take('-');
      }
      int exponent = position;
      skipDigits();
      if (position - exponent > MOST_EXPONENT_DIGITS) {
        throw fail("an exponent of at most " + MOST_EXPONENT_DIGITS + " digits");
      }
    }
    String number = text.substring(start, position);
    return isWhole ? wholeOf(new BigInteger(number)) : new BigDecimal(number);
  }

  private static Number wholeOf(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return value.intValue();
    }
    return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
  }

  private void skipDigits() {
    int start = position;
    while (peek() >= '0' && peek() <= '9') {
      position++;
    }
    if (position == start) {
      throw fail("a value");
    }
  }

  private Object readWord(String word, Object value) {
    if (!text.startsWith(word, position)) {
      throw fail("a value");
    }
    position += word.length();
    return value;
  }

  private void skipBlanks() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  /** The next character; NUL, which JSON has nowhere, at the end. */
  private char peek() {
    return position < text.length() ? text.charAt(position) : 0;
  }

  private boolean take(char wanted) {
    boolean isNext = peek() == wanted;
    position += isNext ? 1 : 0;
    return isNext;
  }

  private void expect(char wanted) {
    if (!take(wanted)) {
      throw fail("'" + wanted + "'");
    }
  }

  private JsonException fail(String expected) {
    String found = position < text.length() ? "'" + text.charAt(position) + "'" : "the end";
    return new JsonException("the event is no JSON: found " + found + " at " + position + ", expected " + expected);
  }
}
