package radedit.signature;

import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;

/**
 * The public point of a private key, which the JDK does not compute: a multiple of the curve's generator, by doubling and
 * adding in affine coordinates (SEC 1, section 2.2.1). It takes a time that depends on the key, so it is for keys of one's own.
 */
final class CurvePoints {
    private CurvePoints() {
    }

    /**
     * {@return the multiple of the curve's generator}
     *
     * @param factor
     *            1 to the generator's order - 1
     * @param curve
     *            over a prime field
     * @throws ArithmeticException
     *             if the factor is out of range
     */
    static ECPoint multiple(BigInteger factor, ECParameterSpec curve) {
        if (factor.signum() <= 0 || factor.compareTo(curve.getOrder()) >= 0) {
            throw new ArithmeticException("its number is out of range");
        }
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger a = curve.getCurve().getA();
        ECPoint sum = ECPoint.POINT_INFINITY;
        for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
            sum = add(sum, sum, a, p);
            if (factor.testBit(bit)) {
                sum = add(sum, curve.getGenerator(), a, p);
            }
        }
        return sum;
    }

    private static ECPoint add(ECPoint s, ECPoint t, BigInteger a, BigInteger p) {
        if (s.equals(ECPoint.POINT_INFINITY)) {
            return t;
        }
        if (t.equals(ECPoint.POINT_INFINITY)) {
            return s;
        }
        BigInteger x = s.getAffineX();
        BigInteger y = s.getAffineY();
        BigInteger slope;
        if (x.equals(t.getAffineX())) {
            if (!y.equals(t.getAffineY()) || y.signum() == 0) {
                return ECPoint.POINT_INFINITY;
            }
            slope = x.pow(2).multiply(BigInteger.valueOf(3)).add(a).multiply(y.shiftLeft(1).modInverse(p));
        } else {
            slope = t.getAffineY().subtract(y).multiply(t.getAffineX().subtract(x).modInverse(p));
        }
        BigInteger x3 = slope.pow(2).subtract(x).subtract(t.getAffineX()).mod(p);
        return new ECPoint(x3, slope.multiply(x.subtract(x3)).subtract(y).mod(p));
    }
}
