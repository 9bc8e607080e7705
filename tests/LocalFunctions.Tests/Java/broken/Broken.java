package broken;

public class Broken {
  int answer() { return "forty-two" }
}
