package gateway.localfunctions;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes texts, flags, numbers and names of enums of JSON scalars, with the conversions that Jackson makes, too: a string that holds a
 * number or a flag becomes one, a number or flag becomes its text, and a fraction given for a whole number is cut.
 */
final class ScalarReader {
  private static final int MOST_DIGITS = 1000;
  private static final Map<Class<?>, Function<BigDecimal, Object>> NUMBERS = new HashMap<>();
  private static final Map<Class<?>, Object> ZEROS = new HashMap<>();

  static {
    addNumber(byte.class, Byte.class, (byte) 0, number -> truncate(number).byteValueExact());
    addNumber(short.class, Short.class, (short) 0, number -> truncate(number).shortValueExact());
    addNumber(int.class, Integer.class, 0, number -> truncate(number).intValueExact());
    addNumber(long.class, Long.class, 0L, number -> truncate(number).longValueExact());
    addNumber(float.class, Float.class, 0f, BigDecimal::floatValue);
    addNumber(double.class, Double.class, 0d, BigDecimal::doubleValue);
    NUMBERS.put(BigInteger.class, ScalarReader::truncate);
    NUMBERS.put(BigDecimal.class, number -> number);
    NUMBERS.put(Number.class, number -> number);
    ZEROS.put(boolean.class, false);
    ZEROS.put(char.class, '\0');
  }

  private ScalarReader() {
  }

  /** Whether a class is one of those made here. */
  static boolean isScalar(Class<?> wanted) {
    return wanted == String.class || wanted == CharSequence.class || wanted == boolean.class || wanted == Boolean.class
        || wanted == char.class || wanted == Character.class || wanted.isEnum() || NUMBERS.containsKey(wanted);
  }

  /** Makes one; of {@code null} the zero of a primitive, else null. */
  static Object read(Object json, Class<?> wanted, String place) {
    if (json == null) {
      return ZEROS.get(wanted);
    }
    if (json instanceof Map || json instanceof List) {
      throw new JsonException(place + ": found " + describe(json) + ", expected a " + wanted.getSimpleName());
    }
    if (wanted == String.class || wanted == CharSequence.class) {
      return json.toString();
    }
    String text = json.toString().trim();
    if (text.isEmpty()) {
      return ZEROS.get(wanted);
    }
    Object value = convert(json, text, wanted);
    if (value == null) {
      throw new JsonException(place + ": found " + describe(json) + ", expected a " + wanted.getSimpleName());
    }
    return value;
  }

  /** What a JSON value is, for messages. */
  static String describe(Object json) {
    if (json instanceof Map) {
      return "an object";
    }
    if (json instanceof List) {
      return "an array";
    }
    return json instanceof String ? "the string '" + json + "'" : String.valueOf(json);
  }

  /** The value; null when there is none. */
  private static Object convert(Object json, String text, Class<?> wanted) {
    if (wanted == boolean.class || wanted == Boolean.class) {
      return flagOf(json, text);
    }
    if (wanted == char.class || wanted == Character.class) {
      return text.length() == 1 ? (Object) text.charAt(0) : null;
    }
    if (wanted.isEnum()) {
      return constantOf(wanted, text);
    }
    try {
      return NUMBERS.get(wanted).apply(new BigDecimal(text));
    } catch (ArithmeticException | NumberFormatException failure) {
      return null;
    }
  }

  private static Boolean flagOf(Object json, String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Boolean.valueOf(text);
    }
    if (json instanceof Integer) {
      return (Integer) json != 0;
    }
    return null;
  }

  private static Object constantOf(Class<?> wanted, String name) {
    for (Object constant : wanted.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    return null;
  }

  private static BigInteger truncate(BigDecimal number) {
    if ((long) number.precision() - number.scale() > MOST_DIGITS) {
      throw new ArithmeticException(); // "1e999999999" is short, and would fill the memory.
    }
    return number.toBigInteger();
  }

  private static void addNumber(Class<?> primitive, Class<?> boxed, Object zero, Function<BigDecimal, Object> convert) {
    NUMBERS.put(primitive, convert);
    NUMBERS.put(boxed, convert);
    ZEROS.put(primitive, zero);
  }
}
