/** Which of the two dialogs is open; buttons, menus and commands anywhere open them. */
class Dialogs {
  open = $state<'export' | 'import' | null>(null);
}

export const dialogs = new Dialogs();
