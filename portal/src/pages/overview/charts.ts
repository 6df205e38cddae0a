/** What is drawn, in a chunk of its own: figures are there before. */
export { ActivationsChart } from './ActivationsChart';
export { StepTimesChart } from './StepTimesChart';
