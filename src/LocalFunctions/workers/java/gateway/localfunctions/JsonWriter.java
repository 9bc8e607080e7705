package gateway.localfunctions;

import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Writes values as JSON: beans by their properties, in the order of their names. */
final class JsonWriter {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder text = new StringBuilder();

  private JsonWriter() {
  }

  /** Writes a value as UTF-8. */
  static byte[] write(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.writeValue(value);
    return writer.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void writeValue(Object value) {
    if (value == null || value instanceof Boolean) {
      text.append(value);
    } else if (value instanceof Number) {
      writeNumber((Number) value);
    } else if (value instanceof Map) {
      writeMap((Map<?, ?>) value);
    } else if (value instanceof Iterable && !(value instanceof java.nio.file.Path)) {
      writeItems((Iterable<?>) value);
    } else if (value instanceof byte[]) {
      writeString(Base64.getEncoder().encodeToString((byte[]) value));
    } else if (value.getClass().isArray()) {
      writeArray(value);
    } else if (value instanceof Enum) {
      writeString(((Enum<?>) value).name());
    } else if (value instanceof Optional) {
      writeValue(((Optional<?>) value).orElse(null));
    } else if (value.getClass().getName().startsWith("java.")) {
      writeString(value.toString()); // Texts, and types of the JDK such as UUID or Instant, which are no beans.
    } else {
      writeBean(value);
    }
  }

  private void writeNumber(Number number) {
    double value = number.doubleValue();
    boolean isFloat = number instanceof Double || number instanceof Float;
    if (isFloat && (Double.isNaN(value) || Double.isInfinite(value))) {
      writeString(number.toString()); // JSON has no such numbers.
    } else {
      text.append(number);
    }
  }

  private void writeMap(Map<?, ?> map) {
    text.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator);
      writeString(String.valueOf(entry.getKey()));
      text.append(':');
      writeValue(entry.getValue());
      separator = ",";
    }
    text.append('}');
  }

  private void writeBean(Object bean) {
    text.append('{');
    String separator = "";
    for (BeanProperty property : BeanProperties.of(bean.getClass())) {
      if (property.isReadable()) {
        text.append(separator);
        writeString(property.name);
        text.append(':');
        writeValue(property.get(bean));
        separator = ",";
      }
    }
    text.append('}');
  }

  private void writeItems(Iterable<?> items) {
    text.append('[');
    String separator = "";
    for (Object item : items) {
      text.append(separator);
      writeValue(item);
      separator = ",";
    }
    text.append(']');
  }

  private void writeArray(Object array) {
    text.append('[');
    for (int i = 0; i < Array.getLength(array); i++) {
      text.append(i == 0 ? "" : ",");
      writeValue(Array.get(array, i));
    }
    text.append(']');
  }

  private void writeString(String value) {
    text.append('"');
    int written = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c) && i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
        continue;
      }
      text.append(value, written, i);
      writeEscape(c);
      written = i + 1;
    }
    text.append(value, written, value.length()).append('"');
  }

  private void writeEscape(char c) {
    text.append('\\');
    int letter = "\b\f\n\r\t\"\\".indexOf(c);
    if (letter >= 0) {
      text.append("bfnrt\"\\".charAt(letter));
    } else {
      text.append('u'); // Half a surrogate pair, too, which UTF-8 cannot hold.
      for (int shift = 12; shift >= 0; shift -= 4) {
        text.append(HEX.charAt(c >> shift & 15));
      }
    }
  }
}
