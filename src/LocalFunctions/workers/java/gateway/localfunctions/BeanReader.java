package gateway.localfunctions;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a handler's input of JSON: beans, maps, collections, arrays, and scalars. Names that a bean does not have are passed over. */
final class BeanReader {
  private BeanReader() {
  }

  /** Makes a value of a type. */
  static Object read(Object json, Type type) {
    return read(json, type, TypeArguments.of(type), "the event");
  }

  /** As above, of a type that is named where these arguments hold; the place is for messages. */
  private static Object read(Object json, Type named, TypeArguments outer, String place) {
    Type type = outer.resolve(named);
    Class<?> wanted = TypeArguments.classOf(type);
    if (wanted == Object.class) {
      return json instanceof BigDecimal ? ((BigDecimal) json).doubleValue() : json;
    }
    if (json == null || ScalarReader.isScalar(wanted)) {
      return ScalarReader.read(json, wanted, place);
    }
    TypeArguments arguments = outer.within(type);
    if (Map.class.isAssignableFrom(wanted)) {
      return readMap(expect(json, Map.class, "an object", place), wanted, arguments, place);
    }
    if (Collection.class.isAssignableFrom(wanted) || wanted == Iterable.class) {
      return readCollection(expect(json, List.class, "an array", place), wanted, arguments, place);
    }
    if (wanted == byte[].class) {
      return readBytes(expect(json, String.class, "a Base64 string", place), place);
    }
    if (wanted.isArray()) {
      return readArray(expect(json, List.class, "an array", place), type, arguments, place);
    }
    return readBean(expect(json, Map.class, "an object", place), wanted, arguments, place);
  }

  @SuppressWarnings("unchecked")
  private static Object readMap(Map<?, ?> json, Class<?> wanted, TypeArguments arguments, String place) {
    boolean isAny = wanted.isAssignableFrom(LinkedHashMap.class);
    Map<Object, Object> map = isAny ? new LinkedHashMap<>() : (Map<Object, Object>) create(wanted, place);
    Type keyType = arguments.argument(Map.class, 0);
    Type valueType = arguments.argument(Map.class, 1);
    for (Map.Entry<?, ?> entry : json.entrySet()) {
      Object key = read(entry.getKey(), keyType, arguments, place);
      map.put(key, read(entry.getValue(), valueType, arguments, place + "." + entry.getKey()));
    }
    return map;
  }

  @SuppressWarnings("unchecked")
  private static Object readCollection(List<?> json, Class<?> wanted, TypeArguments arguments, String place) {
    Collection<Object> items;
    if (wanted.isAssignableFrom(ArrayList.class)) {
      items = new ArrayList<>();
    } else if (wanted.isAssignableFrom(LinkedHashSet.class) && Set.class.isAssignableFrom(wanted)) {
      items = new LinkedHashSet<>();
    } else {
      items = (Collection<Object>) create(wanted, place);
    }
    Type itemType = arguments.argument(wanted == Iterable.class ? Iterable.class : Collection.class, 0);
    for (Object item : json) {
      items.add(read(item, itemType, arguments, place + "[]"));
    }
    return items;
  }

  private static Object readArray(List<?> json, Type type, TypeArguments arguments, String place) {
    Type itemType = type instanceof GenericArrayType
        ? ((GenericArrayType) type).getGenericComponentType()
        : TypeArguments.classOf(type).getComponentType();
    Object array = Array.newInstance(TypeArguments.classOf(arguments.resolve(itemType)), json.size());
    for (int i = 0; i < json.size(); i++) {
      Array.set(array, i, read(json.get(i), itemType, arguments, place + "[]"));
    }
    return array;
  }

  private static byte[] readBytes(String json, String place) {
    try {
      return Base64.getDecoder().decode(json);
    } catch (IllegalArgumentException failure) {
      throw new JsonException(place + ": found a string that is not Base64");
    }
  }

  private static Object readBean(Map<?, ?> json, Class<?> wanted, TypeArguments arguments, String place) {
    Object bean = create(wanted, place);
    for (Map.Entry<?, ?> entry : json.entrySet()) {
      BeanProperty property = BeanProperties.find(wanted, (String) entry.getKey());
      if (property != null && property.isWritable()) {
        property.set(bean, read(entry.getValue(), property.type(), arguments, place + "." + entry.getKey()));
      }
    }
    return bean;
  }

  private static Object create(Class<?> wanted, String place) {
    try {
      Constructor<?> constructor = wanted.getDeclaredConstructor();
      if (!wanted.getName().startsWith("java.")) {
        constructor.setAccessible(true);
      }
      return constructor.newInstance();
    } catch (InvocationTargetException failure) {
      throw Rethrow.unchecked(failure.getCause());
    } catch (ReflectiveOperationException failure) {
      throw new JsonException(place + ": cannot make a " + wanted.getName() + ": it needs a constructor without parameters");
    }
  }

  private static <T> T expect(Object json, Class<T> kind, String expected, String place) {
    if (!kind.isInstance(json)) {
      throw new JsonException(place + ": found " + ScalarReader.describe(json) + ", expected " + expected);
    }
    return kind.cast(json);
  }
}
