/**
 * Rows in the binary format of COPY (PostgreSQL documentation, COPY, "Binary Format"), for a table whose columns are
 * mostly bytes: half the length of the text format, and nothing to spell and to read again.
 *
 *     header    "PGCOPY\n" 0xFF "\r\n" 0x00, flags (int32), length of an extension (int32): both 0
 *     row       number of columns (int16), then for each its length in bytes (int32) and its value, big-endian
 *     end       -1 (int16)
 */
export type BinaryRows = {
  /** Begins a row; its columns follow, in the order of the COPY. */
  readonly row: (columns: number) => void
  readonly int2: (value: number) => void
  readonly int4: (value: number) => void
  /** A whole number up to 2^53 - 1. */
  readonly int8: (value: number) => void
  readonly text: (value: string) => void
  /** One value of bytes: all of these one after the other, `size` bytes each. */
  readonly bytes: (parts: readonly string[], size: number, encoding: 'hex' | 'base64') => void
  /** What was written since the last time; with `isEnd` nothing follows. */
  readonly take: (isEnd?: boolean) => Buffer
}

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

export function createBinaryRows(): BinaryRows {
  let buffer = Buffer.allocUnsafe(65_536)
  let at = header.copy(buffer)
  const room = (bytes: number): void => {
    if (at + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafe(2 * (at + bytes))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }
  /** The length before a value, with room for both. */
  const begin = (length: number): void => {
    room(4 + length)
    at = buffer.writeInt32BE(length, at)
  }
  return {
    row(columns) {
      room(2)
      at = buffer.writeInt16BE(columns, at)
    },
    int2(value) {
      begin(2)
      at = buffer.writeInt16BE(value, at)
    },
    int4(value) {
      begin(4)
      at = buffer.writeInt32BE(value, at)
    },
    int8(value) {
      begin(8)
      at = buffer.writeBigInt64BE(BigInt(value), at)
    },
    text(value) {
      begin(Buffer.byteLength(value))
      at += buffer.write(value, at)
    },
    bytes(parts, size, encoding) {
      begin(size * parts.length)
      for (const part of parts) {
        // The value itself may be a salt, and stays out of the message.
        if (buffer.write(part, at, size, encoding) !== size)
          throw new RangeError(`A part is not ${size} bytes in ${encoding}; nothing of this COPY is written.`)
        at += size
      }
    },
    take(isEnd = false) {
      if (isEnd) {
        room(2)
        at = buffer.writeInt16BE(-1, at)
      }
      const taken = buffer.subarray(0, at)
      buffer = Buffer.allocUnsafe(buffer.length)
      at = 0
      return taken
    },
  }
}
