// Extensions register themselves and export nothing.
declare module "htmx.org/dist/ext/*";
