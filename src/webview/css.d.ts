/** Stylesheets are bundled, not imported for a value. */
declare module '*.css';
