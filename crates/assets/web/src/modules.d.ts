// Extensions register themselves and export nothing.
declare module "htmx.org/dist/ext/*";
// The build takes it as it is.
declare module "*.txt" {
  const text: string;
  export default text;
}
