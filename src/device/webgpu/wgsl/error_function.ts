/**
 * The polynomials of the error function in shaders.
 *
 * @module
 */

/**
 * The error function in f32, to about a unit in the last place: x + x · near(x²) where |x| is below
 * `border`, and 1 - e^far(|x|) with the sign of x from there on, with |x| clamped to `end`. The
 * polynomials, highest coefficient first, are minimax fits.
 */
export const ERROR_FUNCTION_F32 = {
  border: 0.9375,
  end: 4,
  near: [
    8.26745887e-5,
    -8.11807468e-4,
    5.19882978e-3,
    -2.6858497e-2,
    1.1283679e-1,
    -3.76126326e-1,
    1.28379167e-1,
  ],
  far: [
    1.9390146e-4,
    -3.0231704e-3,
    2.21466717e-2,
    -1.03764361e-1,
    -6.37373732e-1,
    -1.12756132,
    -2.23494313e-4,
  ],
} as const;
