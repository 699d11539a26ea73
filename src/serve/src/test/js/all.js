import "./mask.test.js";
import "./view.test.js";
