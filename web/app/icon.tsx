/** Small marks drawn as outlines, because not every font has them. Decoration only: the word stands beside each. */
const outlines = {
  play: 'M4 2.5v11l9.5-5.5z',
  pause: 'M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z',
  skip: 'M3 2.5v11l7.5-5.5zM11 2.5h2.2v11H11z',
  back: 'M7.5 2 1.5 8l6 6 1.6-1.6-3.3-3.3h9V6.9h-9l3.3-3.3z',
  up: 'M8 2 14 8l-1.6 1.600L9.1 6.300V14H6.900V6.300L3.6 9.6 2 8z',
  down: 'M8 14 2 8l1.6-1.6 3.3 3.300V2h2.200v7.700l3.3-3.300L14 8z',
  star: 'm8 1 2.1 4.6 5 .6-3.7 3.4 1 4.900L8 12l-4.4 2.5 1-4.900L.9 6.200l5-.6z',
  caution: 'M8 1 15.5 14.500H.5zM7.2 5.500v4.700h1.600V5.500zM7.2 11.300v1.700h1.600v-1.700z',
} as const

export function Icon({ name }: { readonly name: keyof typeof outlines }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path fillRule="evenodd" d={outlines[name]} />
    </svg>
  )
}
