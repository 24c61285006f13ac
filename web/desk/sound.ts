/** Two short tones every three seconds while something calls by sound; only after a person has turned it on here. */
import { useEffect } from 'react'

const everyMs = 3_000
const tones = [
  { hertz: 880, after: 0 },
  { hertz: 660, after: 0.25 },
] as const

export function useAlarmSound(isSounding: boolean): void {
  useEffect(() => {
    if (!isSounding) return
    const context = new AudioContext()
    const sound = (): void => {
      for (const { hertz, after } of tones) {
        const tone = context.createOscillator()
        tone.frequency.value = hertz
        tone.connect(context.destination)
        tone.start(context.currentTime + after)
        tone.stop(context.currentTime + after + 0.2)
      }
    }
    sound()
    const timer = setInterval(sound, everyMs)
    return () => {
      clearInterval(timer)
      void context.close()
    }
  }, [isSounding])
}
