/** The words of a session with nothing in it, and three examples that show what the page can do. */
export const words = {
  title: 'Type Python below and press Enter',
  text: 'Or begin with an example. All that you do is saved as you go: close the page, come back, and it is there.',
  viewer: 'Nothing here yet. You will see it as it happens.',
  examples: 'Examples',
  /** Comments in the code are read by the person too. */
  list: [
    {
      name: 'Say hello',
      run: 'Run “Say hello”',
      source: 'name = input("What is your name? ")\nprint("Hello,", name)',
    },
    {
      name: 'Make a table',
      run: 'Run “Make a table”',
      source: 'powers = [{"n": n, "square": n**2, "cube": n**3} for n in range(1, 6)]\npowers',
    },
    {
      name: 'Make a mistake',
      run: 'Run “Make a mistake”',
      source: 'animal = "otter"\nprint(animl)  # one letter is missing',
    },
  ],
} as const;
