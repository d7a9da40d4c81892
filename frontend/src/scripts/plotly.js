// The chart library with the trace types that our figures use, and no others.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import funnel from "plotly.js/lib/funnel";
import scatterpolar from "plotly.js/lib/scatterpolar";

Plotly.register([bar, funnel, scatterpolar]);

export default Plotly;
