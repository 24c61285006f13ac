/** What every question to the node carries: which realm, and as of when. Absent: the node's default realm, now. */
export type View = { readonly realm?: string; readonly knownAt?: string }
