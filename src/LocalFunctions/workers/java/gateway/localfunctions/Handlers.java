package gateway.localfunctions;

import com.aliyun.fc.runtime.Context;
import com.aliyun.fc.runtime.FunctionInitializer;
import com.aliyun.fc.runtime.PojoRequestHandler;
import com.aliyun.fc.runtime.PreStopHandler;
import com.aliyun.fc.runtime.StreamRequestHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;

/** The function's own objects: one of each class that its settings name, made when it is first needed. */
final class Handlers {
  private final Map<String, Object> instances = new HashMap<>();
  private Type inputType;

  /** Calls the handler and gives the result's bytes. */
  byte[] handle(byte[] event, Context context) throws LoadException, IOException {
    String name = System.getenv("FC_FUNCTION_HANDLER");
    Object handler = find(name, "handleRequest", PojoRequestHandler.class, StreamRequestHandler.class);
    if (handler instanceof StreamRequestHandler) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      ((StreamRequestHandler) handler).handleRequest(new ByteArrayInputStream(event), output, context);
      return output.toByteArray();
    }
    if (inputType == null) {
      inputType = TypeArguments.of(handler.getClass()).argument(PojoRequestHandler.class, 0);
    }
    Object input = BeanReader.read(JsonReader.read(event), inputType);
    return JsonWriter.write(handle((PojoRequestHandler<?, ?>) handler, input, context));
  }

  /** Calls the initializer. */
  void initialize(Context context) throws LoadException, IOException {
    Object hook = find(System.getenv("FC_INITIALIZER_HANDLER"), "initialize", FunctionInitializer.class);
    ((FunctionInitializer) hook).initialize(context);
  }

  /** Calls the pre-stop hook. */
  void preStop(Context context) throws LoadException, IOException {
    Object hook = find(System.getenv("FC_INSTANCE_LIFECYCLE_PRE_STOP_HANDLER"), "preStop", PreStopHandler.class);
    ((PreStopHandler) hook).preStop(context);
  }

  @SuppressWarnings("unchecked")
  private static <I> Object handle(PojoRequestHandler<I, ?> handler, Object input, Context context) {
    return handler.handleRequest((I) input, context);
  }

  /** The object behind {@code package.Class::method}; the method must be that of one of the interfaces. */
  private Object find(String name, String method, Class<?>... interfaces) throws LoadException {
    int colons = name.indexOf("::");
    if (colons < 0) {
      throw new LoadException(new IllegalArgumentException("'" + name + "' is not written as package.Class::method"));
    }
    Object instance = instanceOf(name.substring(0, colons));
    for (Class<?> type : interfaces) {
      if (type.isInstance(instance)) {
        if (!name.substring(colons + 2).equals(method)) {
          throw new LoadException(new NoSuchMethodException("the method of '" + name + "' must be " + method));
        }
        return instance;
      }
    }
    throw new LoadException(new ClassCastException(instance.getClass().getName() + " does not implement " + namesOf(interfaces)));
  }

  private Object instanceOf(String className) throws LoadException {
    Object instance = instances.get(className);
    if (instance == null) {
      instance = create(className);
      instances.put(className, instance);
    }
    return instance;
  }

  private static Object create(String className) throws LoadException {
    try {
      Constructor<?> constructor = Class.forName(className).getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException failure) {
      throw new LoadException(failure.getCause());
    } catch (ReflectiveOperationException | LinkageError failure) {
      throw new LoadException(failure);
    }
  }

  private static String namesOf(Class<?>[] types) {
    StringBuilder names = new StringBuilder();
    for (Class<?> type : types) {
      names.append(names.length() == 0 ? "" : " or ").append(type.getName());
    }
    return names.toString();
  }
}
