/** What drags cards and lines into another order. Loaded only where something can be dragged. */
export { default } from "sortablejs";
