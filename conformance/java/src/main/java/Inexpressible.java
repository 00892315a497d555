/** The types of this client have no value for what a row asks for. */
final class Inexpressible extends RuntimeException {
    Inexpressible(String reason) {
        super(reason);
    }
}
