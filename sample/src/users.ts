export interface User {
  name: string;
  active: boolean;
}

export function activeNames(users: User[]): string[] {
  const names: string[] = [];
  for (const user of users) {
    if (user.active) {
      names.push(user.name);
    }
  }
  return names;
}
