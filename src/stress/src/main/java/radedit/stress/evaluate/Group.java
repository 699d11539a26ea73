package radedit.stress.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cases that are evaluated together.
 *
 * @param role
 *            what their edits are for; empty if the manifest says nothing
 * @param dose
 *            strength of their edits; 1 as usual
 * @param target
 *            the class that they are about; empty if the manifest names none
 * @param column
 *            the column that a subgroup is made by; empty for all
 * @param value
 *            the value of that column
 */
public record Group(String role, double dose, String target, String column, String value) {
    /** {@return whether this is not a subgroup} */
    public boolean isWhole() {
        return column.isEmpty();
    }

    /** {@return the group in words} */
    public String label() {
        String strength = dose == 1 ? "" : ", dose " + dose;
        String part = isWhole() ? "" : ", " + column + " = " + (value.isEmpty() ? "(empty)" : value);
        return (role.isEmpty() ? "edit" : role) + strength + (target.isEmpty() ? "" : ", " + target) + part;
    }

    Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("role", role);
        m.put("dose", dose);
        m.put("target", target);
        if (!isWhole()) {
            m.put("column", column);
            m.put("value", value);
        }
        return m;
    }

    /**
     * Numbers of a group.
     *
     * @param group
     *            the group
     * @param cases
     *            number of its cases
     * @param patients
     *            number of their patients
     * @param estimates
     *            the numbers
     */
    public record Table(Group group, int cases, int patients, List<Estimate> estimates) {
        Map<String, Object> toMap() {
            Map<String, Object> m = group.toMap();
            m.put("cases", cases);
            m.put("patients", patients);
            Map<String, Object> metrics = new LinkedHashMap<>();
            estimates.forEach(e -> metrics.put(e.metric(), e.toMap()));
            m.put("metrics", metrics);
            return m;
        }
    }
}
