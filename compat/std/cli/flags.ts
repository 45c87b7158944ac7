/**
 * The types of the flags that the options of `parseArgs` declare.
 *
 * @module
 */

/** Names of flags as a union, or none. */
export type Name = string | undefined;

/** One name, or several. */
export type Listed<N> = N | readonly Extract<N, string>[];

/** Aliases of flags. */
export type Aliases = { readonly [name: string]: string | readonly string[] | undefined };

type Named<N> = Extract<N, string>;
type Denied<K, N> = K extends Named<N> ? false : never;

/** The type of every flag, by its own name. */
type Own<B, S, C, N> =
  & { [K in Exclude<Named<S>, Named<C>>]?: string | Denied<K, N> }
  & { [K in Named<S> & Named<C>]: string[] }
  & { [K in Exclude<Named<B>, Named<C>>]: boolean }
  & { [K in Named<B> & Named<C>]: boolean[] }
  & { [K in Exclude<Named<C>, Named<S> | Named<B>>]: unknown[] | Denied<K, N> };

/** Flags with defaults are never undefined. */
type Filled<F, D> = D extends Record<string, unknown> ?
    & Omit<F, keyof D>
    & { [K in keyof D]: K extends keyof F ? D[K] | NonNullable<F[K]> : unknown }
  : F;

type Known<N> = string extends N ? never : Extract<N, string>;
type NamesOf<K, A> = K extends keyof A
  ? K | Known<A[K] extends readonly (infer Each)[] ? Each : A[K]>
  : K;

/** Flags by all their names, aliases included. */
type Aliased<F, A> = { [K in keyof F as NamesOf<K, A>]: F[K] };

/** The flags: any if no option names one, else typed by the options, with unknown types for other names. */
export type Flags<B, S extends Name, C extends Name, N extends Name, D, A> =
  [Named<B> | Named<S> | Named<C>] extends [never]
    // deno-lint-ignore no-explicit-any
    ? Record<string, any>
    : Record<string, unknown> & Aliased<Filled<Own<B, S, C, N>, D>, A>;
